/** For the tests of other parts. */
export { HttpReceiver, SmtpReceiver } from './channels/receivers.fixture';
