//! How the webhooks of a provider do, in a word.
import type { Endpoint, Integration } from '../api/types';

export interface Health {
  tone: 'plain' | 'good' | 'warn';
  words: string;
}

/** Whether our endpoint at the provider does not work as it should. */
export const isBroken = (endpoint: Endpoint | null) =>
  endpoint !== null && endpoint.state !== 'present' && endpoint.state !== 'unknown';

/** Whether webhooks are refused now: one that came through since shows that the secret is right. */
export const isRefusing = ({ last_refused, last_event_at, refused_24h }: Integration) =>
  refused_24h > 0 && last_refused !== null && !(last_event_at && last_event_at > last_refused.at);

export function healthOf(integration: Integration): Health {
  const { endpoint, history } = integration;
  if (isBroken(endpoint) || isRefusing(integration)) return { tone: 'warn', words: 'Needs you' };
  if (endpoint?.problem) return { tone: 'warn', words: 'Not checked' };
  if (history && history.state !== 'done') return { tone: 'plain', words: 'Fetching history' };
  if (!integration.last_event_at) return { tone: 'plain', words: 'Waiting for the first webhook' };
  return { tone: 'good', words: 'Healthy' };
}
