//! Finds out which models the server offers, by asking for the smallest report under each unknown one.
import { revenue } from '../api/stats';
import { MODELS, noteOffered, noteRefused, offered } from './models';

const asked = new Set<string>();

export function probeModels(site: string): void {
  for (const { id } of MODELS) {
    if (offered(id) !== 'unknown' || asked.has(id)) continue;
    asked.add(id);
    revenue(site, { model: id, dimension: 'channel', period: 'day', limit: 1 })
      .then(() => noteOffered(id))
      .catch((error: unknown) => {
        // Anything but a plain refusal may be asked again when the menu opens next.
        if (!noteRefused(id, error)) asked.delete(id);
      });
  }
}
