//! Lists of what the browser knows by name: currencies and time zones.
import { currencyName } from '../format/names';

const COMMON = ['USD', 'EUR', 'GBP', 'CHF', 'CAD', 'AUD', 'JPY', 'RON'];

export function CurrencySelect(props: { id: string; value: string; onChange: (currency: string) => void }) {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('currency') : [];
  const first = COMMON.includes(props.value) ? COMMON : [props.value, ...COMMON];
  const rest = known.filter((code) => !first.includes(code));
  const option = (code: string) => (
    <option key={code} value={code}>
      {currencyName(code)} ({code})
    </option>
  );
  return (
    <select
      id={props.id}
      class="input"
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    >
      {first.map(option)}
      {rest.length > 0 && <optgroup label="All currencies">{rest.map(option)}</optgroup>}
    </select>
  );
}

const zones = () => (typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []);

export function ZoneSelect(props: { id: string; value: string; onChange: (zone: string) => void }) {
  const listed = zones();
  const all = ['UTC', ...listed.filter((zone) => zone !== 'UTC')];
  if (!all.includes(props.value)) all.unshift(props.value);
  return (
    <select
      id={props.id}
      class="input"
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    >
      {all.map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll('_', ' ')}
        </option>
      ))}
    </select>
  );
}
