"""The embedded servers and the supervisor behind `manage.py up`: a database and a queue with nothing prepared."""
