FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# "prepare" would build before the sources are here
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
# Temporal's native client knows no other root certificates than the system's
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && ln -s /app/dist/client/cli/main.js /usr/local/bin/tenantry \
 && install --directory --owner=node --group=node --mode=0700 /var/lib/tenantry /var/lib/tenantry/artefacts
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/examples ./examples
COPY --from=build /app/dist ./dist
ENV NODE_ENV=production TENANTRY_HEALTH_PORT=9464
USER node
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=30s --interval=15s --timeout=5s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.TENANTRY_HEALTH_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["tenantry"]
CMD ["worker"]
