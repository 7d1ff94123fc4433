from celery import shared_task
from django.conf import settings

from accounts import jobs, private_files


@shared_task
def run_job(job_id):
    """Do one piece of long work."""
    jobs.run(job_id)


@shared_task
def sweep_jobs():
    """Take up work that lost its worker or was never sent."""
    jobs.sweep()


@shared_task
def remove_old_files():
    """Remove result files whose time is over, and handed-in files that no record names any more."""
    private_files.remove_older_than(settings.PRIVATE_FILE_DAYS)
    private_files.remove_left_over()
