"""The night of training: who came back and should attend."""

from celery import shared_task

from placement.actions import training


@shared_task
def find_training_duties():
    """Note who should attend, and let open duties stand where the file is now."""
    training.follow_files()
    return training.find_duties()
