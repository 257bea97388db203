# syntax=docker/dockerfile:1
FROM python:3.11-slim-trixie AS installed
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock ./
# Every file of every package must have the hash that the lock names.
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.11-slim-trixie
# pg_dump and pg_restore for `backup` and `restore`; trixie has those of PostgreSQL 17, the server of docker-compose.yml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --system --gid 10001 guibin && useradd --system --uid 10001 --gid guibin --home-dir /app guibin
WORKDIR /app
COPY --from=installed /venv /venv
COPY api ./api
COPY schema ./schema
COPY desk ./desk
COPY authz ./authz
COPY models ./models
COPY migrations ./migrations
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 GUIBIN_HOST=0.0.0.0 GUIBIN_PORT=8000
RUN python -m compileall -q .
USER guibin
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
# An array, so that the process gets the signals itself and ends its requests before it stops.
CMD ["python", "-m", "api", "serve"]
