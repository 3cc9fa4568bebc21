//! What a change of model does to a row: the chosen model in the middle, the others from −100 % to +100 % of it.
interface SpreadProps {
  chosen: number;
  others: number[];
}

const place = (share: number) => `${(50 + Math.max(-1, Math.min(1, share)) * 50).toFixed(2)}%`;

export function Spread({ chosen, others }: SpreadProps) {
  if (chosen <= 0 || others.length === 0) return null;
  const shares = others.map((other) => (other - chosen) / chosen);
  return (
    <svg class="spread" aria-hidden="true">
      <line class="spread-zero" x1="50%" x2="50%" y1="0" y2="14" />
      <line
        class="spread-line"
        x1={place(Math.min(0, ...shares))}
        x2={place(Math.max(0, ...shares))}
        y1="7"
        y2="7"
      />
      {shares.map((share, index) => (
        <circle key={index} class="spread-dot" cx={place(share)} cy="7" r="2.5" />
      ))}
      <circle class="spread-chosen" cx="50%" cy="7" r="4.5" />
    </svg>
  );
}
