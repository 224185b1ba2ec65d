/** The paths under which the HTTP API answers queries of plays. */
import type { PlayQuery } from '@rapport/engine';
import { path } from './path';

export function playPath(query: PlayQuery): string {
  switch (query.name) {
    case 'plays':
      return '/v1/plays';
    case 'play':
      return `/v1/plays/${encodeURIComponent(query.params.play)}`;
    case 'enrolments':
      return path('/v1/enrolments', { ...query.params });
    case 'actions':
      return path('/v1/actions', { ...query.params });
    case 'action':
      return `/v1/actions/${encodeURIComponent(query.params.action)}`;
    case 'ledger':
      return `/v1/customers/${encodeURIComponent(query.params.customerId)}/ledger`;
    case 'whyNot': {
      const { customerId, play } = query.params;
      return path(`/v1/customers/${encodeURIComponent(customerId)}/why-not`, { play });
    }
    case 'decisions':
      return path('/v1/decisions', { ...query.params });
    case 'touchpoint':
      throw new Error('the API has no question for one touchpoint');
    case 'preview': {
      const { template, ...params } = query.params;
      return path(`/v1/templates/${encodeURIComponent(template)}/preview`, params);
    }
  }
}
