from wsgi import post_worker_init  # noqa: F401  a hook, found by its name

worker_class = "gthread"
workers = 1
threads = 32
keepalive = 75
worker_tmp_dir = "/tmp"
