module graceful.dev/e2e/servers

go 1.26
