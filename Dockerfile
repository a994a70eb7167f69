# One image for both processes: the relay is the default, the worker a change of command
# (`node dist/apps/worker/src/main.js`).

FROM node:24-slim AS deps
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM deps AS build
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
COPY tools tools
COPY bench bench
RUN npm run build

# Apart from the build, so that what only the build needs never reaches the image. The optional
# packages are a Node runtime for developers' machines; the image brings its own.
FROM node:24-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:24-slim AS runtime
# No `__proto__` accessor: JSON from outside cannot reach a prototype through it.
ENV NODE_ENV=production \
    NODE_OPTIONS=--disable-proto=delete
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
# package.json says that the code is ESM and where the libraries are.
COPY package.json ./
COPY --from=build /app/dist dist
USER node
EXPOSE 9090 9091
# Of the relay; a worker's container asks its own port instead (docker-compose.yml).
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 9090}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/relay/src/main.js"]
