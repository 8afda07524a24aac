# Built and run: docker compose up (docker-compose.yml). What it keeps lies in /data/storage, nothing else is written but /tmp.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY aggregator aggregator
# What is installed is bounded by pyproject.toml.
# hadolint ignore=DL3013
RUN pip install --no-cache-dir --no-compile --prefix=/install '.[workers,http2,notify,export,signing]'

FROM python:3.13-slim
RUN useradd --no-create-home --home-dir /data --shell /usr/sbin/nologin --uid 10001 aggregator \
    && mkdir -p /data/storage && chown 10001:10001 /data/storage
COPY --from=build /install /usr/local
# The base image has nothing compiled, and whoever runs may write nothing: each `aggregator health` would compile anew what it
# imports. Not by times of files, as some tools round them when they pack an image.
RUN python -m compileall -q --invalidation-mode unchecked-hash "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
COPY packaging/container /usr/local/bin/container
ENV AGGREGATOR_CONFIG=/data/feeds.toml PYTHONDONTWRITEBYTECODE=1
# By its number, so that whoever looks from outside sees that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data/storage
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s CMD ["aggregator", "health"]
ENTRYPOINT ["container"]
CMD ["run"]
