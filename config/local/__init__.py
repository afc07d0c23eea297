"""The embedded servers and the supervisor behind `manage.py up`: own database and queue, nothing prepared beforehand."""
