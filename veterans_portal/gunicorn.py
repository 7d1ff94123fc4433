"""How gunicorn serves in production; the environment sets the numbers."""

import os

bind = os.environ.get("BIND", "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
max_requests = 5000  # a slow leak ends with its process
max_requests_jitter = 500
forwarded_allow_ips = "*"  # only nginx reaches this port
worker_tmp_dir = "/dev/shm"  # noqa: S108  (the heartbeat must not wait for a disk)
control_socket_disable = True
