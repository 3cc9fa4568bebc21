//! Several currencies without a conversion: no sum is shown, each currency stands for itself.
import type { Money as Amount } from '../api/types';
import { Badge } from '../components/words';
import { exactMoney } from '../format/money';
import { hrefFor, question } from '../state/location';
import { toggleFilter } from '../state/question';

interface Mixed {
  mixed_currencies: boolean;
  by_currency?: Amount[];
  unconverted?: Amount[];
}

export function MixedNote({ of }: { of: Mixed }) {
  const currencies = of.by_currency ?? [];
  const unconverted = of.unconverted ?? [];
  if (!of.mixed_currencies && unconverted.length === 0) return null;
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
    </div>
  );
}
