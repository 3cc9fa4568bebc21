//! How the webhooks of a provider do, in a word.
import type { Endpoint, Integration } from '../api/types';

export interface Health {
  tone: 'plain' | 'good' | 'warn';
  words: string;
}

/** Whether our endpoint at the provider does not work as it should. */
export const isBroken = (endpoint: Endpoint | null) =>
  endpoint !== null && endpoint.state !== 'present' && endpoint.state !== 'unknown';

export function healthOf(integration: Integration): Health {
  const { endpoint, history } = integration;
  if (isBroken(endpoint) || integration.refused_24h > 0) return { tone: 'warn', words: 'Needs you' };
  if (endpoint?.problem) return { tone: 'warn', words: 'Not checked' };
  if (history && history.state !== 'done') return { tone: 'plain', words: 'Fetching history' };
  if (!integration.last_event_at) return { tone: 'plain', words: 'Waiting for the first webhook' };
  return { tone: 'good', words: 'Healthy' };
}
