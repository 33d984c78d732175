module graceful.dev/e2e/load

go 1.26
