//! One way to ask the server: JSON in, JSON out, and errors that know their field and request id.

const BASE = '/api/v1';
/** Longer than any answer should take; after it the card says so and offers to try again. */
const TIMEOUT_MS = 20_000;
/** The same where the server itself must ask a payment provider several things first. */
const SLOW_TIMEOUT_MS = 120_000;

export type Query = Record<string, string | number | undefined>;

/** The server answered, and the answer is no. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly requestId: string | null = null,
    /** All that the answer says, for members of one endpoint alone. */
    readonly body: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** No answer came: the network, or the server, is away. */
export class ConnectionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConnectionError';
  }
}

type SignedOutListener = () => void;
let onSignedOut: SignedOutListener = () => {};

/** Names what happens when an answer says that nobody is signed in any more. */
export function whenSignedOut(listener: SignedOutListener): void {
  onSignedOut = listener;
}

export function apiPath(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${BASE}${path}?${text}` : `${BASE}${path}`;
}

async function errorFrom(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  const text = (name: string) => (typeof body?.[name] === 'string' ? (body[name] as string) : null);
  return new ApiError(
    response.status,
    text('code') ?? `http_${response.status}`,
    text('error') ?? `The server answered ${response.status}.`,
    text('field'),
    text('request_id') ?? response.headers.get('x-request-id'),
    body ?? {},
  );
}

interface Call {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  /** True where a payment provider is asked meanwhile. */
  slow?: boolean;
}

async function send({ method, path, query, body, signal, slow }: Call): Promise<Response> {
  const timeoutMs = slow ? SLOW_TIMEOUT_MS : TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  const init: RequestInit = {
    method,
    headers: { accept: 'application/json' },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  };
  if (method !== 'GET') {
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
    init.body = JSON.stringify(body ?? {});
  }
  try {
    return await fetch(apiPath(path, query), init);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    if (timeout.aborted) throw new ConnectionError(`The server took longer than ${timeoutMs / 1000} s.`);
    throw new ConnectionError('The server could not be reached.');
  }
}

export async function request<T>(call: Call): Promise<T> {
  const response = await send(call);
  if (!response.ok) {
    const error = await errorFrom(response);
    if (error.status === 401 && error.code === 'not_signed_in') onSignedOut();
    throw error;
  }
  const body = (await response.json().catch(() => null)) as { data?: T } | null;
  if (!body || body.data === undefined) {
    throw new ApiError(response.status, 'unreadable', 'The answer of the server could not be read.');
  }
  return body.data;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  request<T>({ method: 'GET', path, ...(query && { query }), ...(signal && { signal }) });
