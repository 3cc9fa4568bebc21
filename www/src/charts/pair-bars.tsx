//! People over money in one row: what is popular but unpaid is seen at once.
interface PairBarsProps {
  /** Shares of the largest row, 0 to 1; null where the quantity does not apply. */
  people: number | null;
  money: number | null;
}

const percent = (share: number) => `${(Math.max(0, Math.min(1, share)) * 100).toFixed(2)}%`;

export function PairBars({ people, money }: PairBarsProps) {
  return (
    <svg class="pair-bars" aria-hidden="true">
      {people !== null && people > 0 && (
        <rect class="people-bar" y="0" width={percent(people)} height="4" rx="1" />
      )}
      {money !== null && money > 0 && (
        <rect class="money-bar" y="6" width={percent(money)} height="5" rx="1" />
      )}
    </svg>
  );
}
