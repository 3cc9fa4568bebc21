//! The eight attribution models, and which of them this server offers.
import { signal } from '@preact/signals';
import { ApiError } from '../api/client';

export interface Model {
  id: string;
  name: string;
  /** What it does, in a few words. */
  gist: string;
}

/** All that the product defines, in the order in which they are shown. */
export const MODELS: readonly Model[] = [
  { id: 'last_touch', name: 'Last touch', gist: 'the visit before paying' },
  { id: 'first_touch', name: 'First touch', gist: 'the visit that found you' },
  { id: 'last_non_direct', name: 'Last non-direct', gist: 'last visit with a source' },
  { id: 'linear', name: 'Linear', gist: 'equal shares' },
  { id: 'time_decay', name: 'Time decay', gist: 'half as much each 7 days' },
  { id: 'position', name: 'Position', gist: '40 / 20 / 40' },
  { id: 'shapley', name: 'Shapley', gist: 'fair share by source' },
  { id: 'markov', name: 'Markov', gist: 'what would be missing' },
];

export const DEFAULT_MODEL = 'last_touch';

export const modelName = (id: string) => MODELS.find((model) => model.id === id)?.name ?? id;
export const isModel = (id: string | null): id is string => MODELS.some((model) => model.id === id);

type Offer = 'yes' | 'no' | 'unknown';
const answers = signal<Record<string, 'yes' | 'no'>>({});

export const offered = (id: string): Offer => answers.value[id] ?? 'unknown';

export function noteOffered(id: string): void {
  if (answers.peek()[id] !== 'yes') answers.value = { ...answers.peek(), [id]: 'yes' };
}

/** True where the error means that this server does not have the model; that is then remembered. */
export function noteRefused(id: string, error: unknown): boolean {
  const refused = error instanceof ApiError && error.status === 400 && error.field === 'model';
  if (refused && answers.peek()[id] !== 'no') answers.value = { ...answers.peek(), [id]: 'no' };
  return refused;
}

/** The model after this one among those not known to be missing. */
export function nextModel(id: string): string {
  const usable = MODELS.filter((model) => offered(model.id) !== 'no');
  const place = usable.findIndex((model) => model.id === id);
  return usable[(place + 1) % usable.length]?.id ?? DEFAULT_MODEL;
}
