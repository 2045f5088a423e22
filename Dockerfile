# The server with its pages built. `docker-compose.yml` says how it is run.
FROM node:24-bookworm-slim AS build
WORKDIR /app
# What may come along is named in .dockerignore.
COPY . .
# Packages as the lockfile names them, the database client, the pages; then without what only building needs.
RUN npm run setup && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data SECRETS_FILE=/keys/secrets.json
# For commands: this user has no home, and the program's folder cannot be written.
ENV npm_config_cache=/tmp/npm npm_config_update_notifier=false
# Not root, and no owner of what it runs. A new volume takes over these folders' owner.
RUN install -d -m 0700 -o 10001 -g 10001 /data /keys
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
VOLUME ["/data", "/keys"]
EXPOSE 4000
# Open sockets are told to come back; ten seconds are their limit.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "tsx/esm", "server/main.ts"]
