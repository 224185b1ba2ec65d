# Rapport in a container: the program built from these sources, its runtime packages, Node, and a user that is not root.
FROM node:20-bookworm-slim AS build
WORKDIR /rapport
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json nest-cli.json ./
COPY scripts ./scripts
COPY apps ./apps
COPY libs ./libs
COPY bench ./bench
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    RAPPORT_DATA=/var/lib/rapport
WORKDIR /rapport
COPY --from=build /rapport/package.json ./
COPY --from=build /rapport/node_modules ./node_modules
COPY --from=build /rapport/dist/apps ./dist/apps
COPY --from=build /rapport/dist/libs ./dist/libs
RUN mkdir -p /var/lib/rapport && chown 1000:1000 /var/lib/rapport
# The user `node` of the image.
USER 1000:1000
VOLUME /var/lib/rapport
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# The host is reachable from the container's network, which the program wants said aloud: RAPPORT_ALLOW_REMOTE=true.
ENTRYPOINT ["node", "--enable-source-maps", "dist/apps/cli/src/main.js"]
CMD ["serve"]
