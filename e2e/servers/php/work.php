<?php
// As long as a query of a database takes.
usleep(50_000);
header('Content-Type: application/json');
echo "{}\n";
