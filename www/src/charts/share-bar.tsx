//! How an amount is shared out: one segment per touch, in the hue of its mark.
interface Part {
  key: string;
  /** 0 to 1. */
  share: number;
  hue: number;
}

const GAP = 0.4;

export function ShareBar({ parts }: { parts: Part[] }) {
  let start = 0;
  return (
    <svg class="share-bar" aria-hidden="true">
      {parts.map(({ key, share, hue }) => {
        const x = start * 100;
        start += share;
        return (
          <rect
            key={key}
            class={`hue-${hue}`}
            x={`${x.toFixed(2)}%`}
            width={`${Math.max(0, share * 100 - GAP).toFixed(2)}%`}
            height="14"
            rx="2"
          />
        );
      })}
    </svg>
  );
}
