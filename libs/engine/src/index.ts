export * from './rapport.types';
export { customerHash, JOURNEY_PREFIX, journeyStream, partitionOf, streamRole, touchpointStream } from './partition';
export { openRapport } from './embedded/rapport';
export { openClusterRapport } from './cluster/cluster-rapport';
export * from './cluster/cluster.types';
export { CLUSTER_PARTITIONS_MAX } from './cluster/store/settings';
export { QueriesOverloaded } from './embedded/query-thread';
export { EVENT } from './loop/control-events';
export { CHAIN_TYPE, DECISION_TYPES, withMoments } from './queries/decision-item';
export { decisionJson } from './loop/decision-json';
export { readDecision } from './loop/read-decision';
export { listEntries } from './loop/touchpoint-list';
export {
  rebuildStore,
  RebuildNotEqual,
  type RebuildStoreOptions,
  type RebuildSummary,
} from './maintenance/rebuild-store';
export { verifyStore, type VerifyProgress, type VerifyReport } from './maintenance/verify-store';
export { backupStore, type BackupSummary } from './maintenance/backup-store';
export * from './plays.types';
export * from './dispatch/action-events';
export * from './dispatch/instance.types';
export * from './channels/channel.types';
// plays: the files that come with Rapport
export { defaultPlayFiles, playFilesIn } from './default-plays/load';
// plays: carrying out
export { Dispatcher } from './dispatch/dispatcher';
export type { DispatcherPorts } from './dispatch/dispatcher-ports';
export { Effects, EFFECTS_AT_FIRST, effectsNow } from './dispatch/effects';
export * from './dispatch/instance';
export { OutboxFolder, type OutboxMessage } from './dispatch/sandbox-outbox';
export { SUPPRESSIONS_STREAM, SuppressedAddresses } from './dispatch/suppressed-addresses';
export { actionStream } from './partition';
export * from './embedded/dispatch-protocol';
export { DispatchThread } from './embedded/dispatch-thread';
export type { ReceiverGap } from './channels/receiver-gaps';
export { CHANNEL_NAMES, type ChannelOptions, NO_CHANNEL_OPTIONS } from './channels/registry';
export type { EmailOptions } from './channels/email.channel';
export type { SmtpServer } from './channels/smtp-pool';
export { DEFAULT_DESTINATION, type WebhookDestination } from './channels/webhook.channel';
export { AddressGuard } from './channels/http/address-guard';
export { destinationFault } from './channels/http/destination';
export { secretKey } from './channels/http/standard-webhooks';
export { channelsNow, type ChannelsNow } from './channels/channels-now';
export { checkTemplates } from './channels/templates/check-template';
export { renderTemplate } from './channels/templates/render-template';
export { customerAtOf } from './dispatch/dispatch-views';
export { type CustomerView, previewScope } from './dispatch/message-maker';
export * from './links/sealed-links';
export { type LinkSettings, sealedLinksOf } from './links/link-secret';
export * from './links/link-pages';
export { unsubscription } from './links/unsubscribe';
export { answerId, COMMENT_CHARACTERS_MAX, surveyAnswer, type SurveyForm } from './survey/survey-answer';
export { INBOUND_EMAIL_KINDS, type InboundEmailKind } from './inbound/inbound-email';
export { type EmailReport, type ReadReport, readReport } from './inbound/receive-email';
