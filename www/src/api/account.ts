//! Accounts: first set-up, signing in and out.
import { get, request } from './client';
import type { Account } from './types';

export const setupState = () => get<{ needs_account: boolean }>('/setup');

export const whoAmI = () => get<Account>('/me');

export const signIn = (email: string, password: string) =>
  request<Account>({ method: 'POST', path: '/login', body: { email, password } });

export const signOut = () => request<object>({ method: 'POST', path: '/logout' });

export function createAccount(token: string, email: string, password: string, name: string) {
  const body = { token, email, password, ...(name && { name }) };
  return request<Account>({ method: 'POST', path: '/setup', body });
}
