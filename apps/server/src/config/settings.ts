/** The settings: one table that says what each is called as a flag, in the environment and in the file, and how it is read. */
import { CLUSTER_PARTITIONS_MAX } from '@rapport/engine';
import { LOG_LEVELS } from './configuration';
import type { ServerLimits } from './configuration';
import { flag, hostNames, mapping, oneOf, secret, type Setting, text, texts, wholeNumber } from './parse-value';

export const STORES = ['embedded', 'cluster'] as const;

export const SETTINGS = {
  port: { key: 'port', env: 'PORT', parse: wholeNumber(0, 65_535) },
  host: { key: 'host', env: 'HOST', parse: text('127.0.0.1') },
  data: { key: 'data', env: 'RAPPORT_DATA', parse: text('./rapport-data') },
  definition: { key: 'definition', env: 'RAPPORT_DEFINITION', parse: text('./definition.yaml') },
  plays: { key: 'plays', env: 'RAPPORT_PLAYS', parse: text('default') },
  allowedHosts: { key: 'allowedHosts', env: 'RAPPORT_ALLOWED_HOSTS', parse: hostNames },
  allowRemote: { key: 'allowRemote', env: 'RAPPORT_ALLOW_REMOTE', parse: flag },
  eventstorePort: { key: 'eventstorePort', env: 'RAPPORT_EVENTSTORE_PORT', parse: wholeNumber(0, 65_535) },
  eventstoreWrites: { key: 'eventstoreWrites', env: 'RAPPORT_EVENTSTORE_WRITES', parse: flag },
  logLevel: { key: 'logLevel', env: 'LOG_LEVEL', parse: oneOf(LOG_LEVELS) },
  store: { key: 'store', env: 'RAPPORT_STORE', parse: oneOf(STORES) },
  eventstoreUrl: { key: 'eventstoreUrl', env: 'RAPPORT_EVENTSTORE_URL', parse: secret },
  mongodbUrl: { key: 'mongodbUrl', env: 'RAPPORT_MONGODB_URL', parse: secret },
  roles: { key: 'roles', env: 'RAPPORT_ROLES', parse: texts('api, engine') },
  partitions: { key: 'partitions', env: 'RAPPORT_PARTITIONS', parse: wholeNumber(1, CLUSTER_PARTITIONS_MAX) },
  engineThreads: { key: 'engineThreads', env: 'RAPPORT_ENGINE_THREADS', parse: wholeNumber(1, 64) },
  leaseMs: { key: 'leaseMs', env: 'RAPPORT_LEASE_MS', parse: wholeNumber(1_000, 600_000) },
  publicUrl: { key: 'publicUrl', env: 'PUBLIC_URL', parse: text('https://hello.brand.example') },
  linkSecrets: { key: 'linkSecrets', env: 'RAPPORT_LINK_SECRETS', parse: texts('what `openssl rand -base64 32` says') },
  allowAddresses: { key: 'allowAddresses', env: 'RAPPORT_ALLOW_ADDRESSES', parse: texts('127.0.0.1, 10.1.0.0/16') },
  webhooks: {
    key: 'webhooks',
    env: 'RAPPORT_WEBHOOKS',
    parse: mapping('{"default": {"url": "https://crm.example/hook", "secrets": ["whsec_..."]}}'),
  },
  chats: { key: 'chats', env: 'RAPPORT_CHATS', parse: mapping('{"sales": "https://chat.example/hooks/..."}') },
} as const;

export const SMTP_TLS = ['required', 'offered', 'implicit'] as const;

/** Under `smtp` in the file. */
export const SMTP_SETTINGS = {
  host: { key: 'host', env: 'SMTP_HOST', parse: text('smtp.brand.example') },
  port: { key: 'port', env: 'SMTP_PORT', parse: wholeNumber(1, 65_535) },
  tls: { key: 'tls', env: 'SMTP_TLS', parse: oneOf(SMTP_TLS) },
  user: { key: 'user', env: 'SMTP_USER', parse: text('rapport') },
  password: { key: 'password', env: 'SMTP_PASSWORD', parse: secret },
  passwordFile: { key: 'passwordFile', env: 'SMTP_PASSWORD_FILE', parse: text('/run/secrets/smtp') },
  from: { key: 'from', env: 'SMTP_FROM', parse: text('Brand <hello@brand.example>') },
  replyTo: { key: 'replyTo', env: 'SMTP_REPLY_TO', parse: text('help@brand.example') },
  dkimDomain: { key: 'dkimDomain', env: 'SMTP_DKIM_DOMAIN', parse: text('brand.example') },
  dkimSelector: { key: 'dkimSelector', env: 'SMTP_DKIM_SELECTOR', parse: text('rapport1') },
  dkimKeyFile: { key: 'dkimKeyFile', env: 'SMTP_DKIM_KEY_FILE', parse: text('./dkim.pem') },
  sandboxHost: { key: 'sandboxHost', env: 'SMTP_SANDBOX_HOST', parse: text('127.0.0.1') },
  sandboxPort: { key: 'sandboxPort', env: 'SMTP_SANDBOX_PORT', parse: wholeNumber(1, 65_535) },
  sandboxTo: { key: 'sandboxTo', env: 'SMTP_SANDBOX_TO', parse: text('me@brand.example') },
} as const;

const MOST_BYTES = 1024 * 1024 * 1024;
const MOST_MS = 3_600_000;

export const LIMIT_SETTINGS: { [K in keyof ServerLimits]: Setting<number> } = {
  bodyBytesMax: limit('bodyBytesMax', 1_024, MOST_BYTES),
  requestsInFlightMax: limit('requestsInFlightMax', 1, 1_000_000),
  bodyBytesInFlightMax: limit('bodyBytesInFlightMax', 1_024, 16 * MOST_BYTES),
  connectionsMax: limit('connectionsMax', 1, 1_000_000),
  sseClientsMax: limit('sseClientsMax', 0, 1_000_000),
  sseBufferBytesMax: limit('sseBufferBytesMax', 1_024, MOST_BYTES),
  headersTimeoutMs: limit('headersTimeoutMs', 10, MOST_MS),
  requestTimeoutMs: limit('requestTimeoutMs', 10, MOST_MS),
  shutdownGraceMs: limit('shutdownGraceMs', 0, MOST_MS),
};

function limit(key: keyof ServerLimits, least: number, most: number): Setting<number> {
  const env = `RAPPORT_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  return { key, env, parse: wholeNumber(least, most) };
}
