import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

/** The published definition of a service, with answers that are bytes already. */
export function withReadyAnswers(
  service: ServiceDefinition<UntypedServiceImplementation>,
): ServiceDefinition<UntypedServiceImplementation> {
  const methods = Object.entries(service).map(([name, method]) => [
    name,
    { ...method, responseSerialize: (answer: Buffer) => answer },
  ]);
  return Object.fromEntries(methods) as ServiceDefinition<UntypedServiceImplementation>;
}
