FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY aggregator aggregator
RUN pip install --no-cache-dir --prefix=/install '.[postgresql]'

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 aggregator \
    && mkdir -p /data/storage && chown -R aggregator /data
COPY --from=build /install /usr/local
USER aggregator
WORKDIR /data
VOLUME /data/storage
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s CMD ["aggregator", "health", "--config", "/data/feeds.toml"]
ENTRYPOINT ["aggregator"]
CMD ["run", "--config", "/data/feeds.toml"]
