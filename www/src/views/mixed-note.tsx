//! Several currencies: each stands for itself without a conversion; with one, what is to be known of its rates.
import type { Money as Amount, RateDoubts } from '../api/types';
import { Badge } from '../components/words';
import { exactMoney } from '../format/money';
import { hrefFor, question } from '../state/location';
import { toggleFilter } from '../state/question';
import { doubtOf } from './rate-words';

interface Mixed extends RateDoubts {
  mixed_currencies: boolean;
  by_currency?: Amount[];
  unconverted?: Amount[];
}

export function MixedNote({ of }: { of: Mixed }) {
  const currencies = of.by_currency ?? [];
  const unconverted = of.unconverted ?? [];
  const doubt = doubtOf(of);
  if (!of.mixed_currencies && unconverted.length === 0 && !doubt) return null;
  const only = (currency: string) =>
    hrefFor({
      filters: toggleFilter(question.value.filters, { dimension: 'currency', op: 'is', values: [currency] }),
    });
  return (
    <div class="mixed-note">
      {of.mixed_currencies && (
        <>
          <Badge tone="warn" icon="info">
            {currencies.length} currencies, not converted
          </Badge>
          <span>Look at one:</span>
          {currencies.map(
            (each) =>
              each.currency && (
                <a key={each.currency} class="chip-link" href={only(each.currency)}>
                  {each.currency} <b>{exactMoney(each)}</b>
                </a>
              ),
          )}
        </>
      )}
      {unconverted.length > 0 && (
        <span>
          Left out for want of an exchange rate: <b>{unconverted.map(exactMoney).join(', ')}</b>
        </span>
      )}
      {doubt && <span>{doubt.words}</span>}
    </div>
  );
}
