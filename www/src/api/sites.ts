//! Sites, what arrives for them, their payment providers and API keys.
import { get, request } from './client';
import type { ApiKey, ConnectBy, Integration, NewApiKey, Site, SiteChange, SiteStatus } from './types';

const at = (site: string, rest = '') => `/sites/${encodeURIComponent(site)}${rest}`;

export const listSites = (signal?: AbortSignal) => get<Site[]>('/sites', {}, signal);

export const addSite = (site: SiteChange & { domain: string }) =>
  request<Site>({ method: 'POST', path: '/sites', body: site });

export const changeSite = (site: string, change: SiteChange) =>
  request<Site>({ method: 'PATCH', path: at(site), body: change });

export const siteStatus = (site: string, signal?: AbortSignal) =>
  get<SiteStatus>(at(site, '/status'), {}, signal);

export const listIntegrations = (site: string, signal?: AbortSignal) =>
  get<Integration[]>(at(site, '/integrations'), {}, signal);

const integrationAt = (site: string, provider: string, rest = '') =>
  at(site, `/integrations/${encodeURIComponent(provider)}${rest}`);

/** Connects by an API key (of one of its stores), or by the secret of a webhook that was made by hand. */
export const connectProvider = (site: string, provider: string, by: ConnectBy) =>
  request<Integration>({
    method: 'POST',
    path: at(site, '/integrations'),
    body: { provider, ...by },
    slow: true,
  });

export const rotateSecret = (site: string, provider: string) =>
  request<Integration>({ method: 'POST', path: integrationAt(site, provider, '/rotate'), slow: true });

export const fetchHistory = (site: string, provider: string) =>
  request<Integration>({ method: 'POST', path: integrationAt(site, provider, '/history') });

export const disconnectProvider = (site: string, provider: string, force: boolean) =>
  request<{ left_behind: string | null }>({
    method: 'DELETE',
    path: integrationAt(site, provider),
    ...(force && { query: { force: 'true' } }),
    slow: true,
  });

export const listKeys = (site: string, signal?: AbortSignal) => get<ApiKey[]>(at(site, '/keys'), {}, signal);

export function createKey(site: string, name: string, scopes: string[], expiresAt: string | null) {
  const body = { scopes, ...(name && { name }), ...(expiresAt && { expires_at: expiresAt }) };
  return request<NewApiKey>({ method: 'POST', path: at(site, '/keys'), body });
}

export const revokeKey = (site: string, id: string) =>
  request<object>({ method: 'DELETE', path: at(site, `/keys/${encodeURIComponent(id)}`) });
