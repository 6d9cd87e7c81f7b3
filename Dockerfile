# Stage one: the bot and its pinned dependencies, installed into one folder. No compiler is needed.
FROM python:3.12.12-slim-bookworm AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
RUN python -m pip install --quiet -c constraints.txt hatchling \
    && python -m pip wheel --quiet --no-build-isolation --no-deps --wheel-dir /wheels . \
    && python -m venv --without-pip /app \
    && python -m pip --python /app/bin/python install --quiet -c constraints.txt /wheels/*.whl

# Stage two: that folder, a user who owns nothing but /data, and nothing else.
FROM python:3.12.12-slim-bookworm
RUN useradd --system --user-group --uid 10001 --home-dir /data --no-create-home bot \
    && install --directory --mode 700 --owner bot --group bot /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    HTTP_LISTEN=0.0.0.0:8080 \
    LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
EXPOSE 8080
# The root file system may be read-only, with a tmpfs at /tmp. Mount a volume at /data where the bot runs a Redis
# of its own (no REDIS_URL); with a Redis elsewhere nothing is written but a list of fonts, for charts, in /tmp.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["briefing-bot"]
CMD ["run"]
