//! A journey on a true time scale: the window, the touches, the payment and what came after it.
import { scaleTime } from 'd3-scale';
import { dayText } from '../format/date';
import { useWidth } from './width';

export interface AxisMark {
  at: string;
  /** The number of a used touch; null for one left out. */
  number: number | null;
  hue: number;
}

interface JourneyAxisProps {
  marks: AxisMark[];
  windowFrom: string | null;
  paidAt: string;
  label: string;
}

const EDGE = 14;
const MIDDLE = 20;
const HEIGHT = 56;
/** Room for the words of one day. */
const LABEL = 110;
/** Marks closer than this would hide one another; they are moved apart by as little as it takes. */
const MIN_GAP = 17;

/** Moves marks apart from the last to the first: the payment keeps its true place. */
export function spreadOut(places: number[], gap: number, end: number): number[] {
  const moved = [...places];
  let next = end;
  for (let index = moved.length - 1; index >= 0; index -= 1) {
    const here = Math.min(moved[index] ?? 0, next - gap);
    moved[index] = here;
    next = here;
  }
  return moved;
}

export function JourneyAxis({ marks, windowFrom, paidAt, label }: JourneyAxisProps) {
  const [element, width] = useWidth<HTMLDivElement>();
  const paid = new Date(paidAt);
  const inTime = marks.filter((mark) => new Date(mark.at) <= paid);
  const first = inTime.reduce(
    (least, mark) => Math.min(least, Date.parse(mark.at)),
    paid.getTime() - 86_400_000,
  );
  const scale = scaleTime([new Date(first), paid], [EDGE, Math.max(EDGE + 1, width - EDGE - 2)]);
  const windowStart = windowFrom ? Math.max(EDGE - 8, scale(new Date(windowFrom))) : EDGE - 8;
  const places = spreadOut(
    inTime.map((mark) => scale(new Date(mark.at))),
    MIN_GAP,
    scale(paid),
  ).map((place) => Math.max(9, place));
  const candidates = scale.ticks(Math.max(2, Math.floor(width / LABEL)));
  // d3 takes the number as a hint and may give twice as many.
  const each = Math.max(1, Math.ceil((candidates.length * LABEL) / Math.max(width, 1)));
  const ticks = candidates.filter((_, place) => place % each === 0);
  const short = scale.domain()[1] && paid.getTime() - first < 3 * 86_400_000;
  return (
    <div class="journey-axis" ref={element}>
      {width > 0 && (
        <svg class="plot" width={width} height={HEIGHT} role="img" aria-label={label}>
          <rect
            class="window-band"
            x={windowStart}
            y="8"
            width={Math.max(0, scale(paid) - windowStart)}
            height="24"
            rx="4"
          />
          <line class="base" x1="4" x2={width - 4} y1={MIDDLE} y2={MIDDLE} />
          {ticks.map((tick) => (
            <text key={tick.getTime()} x={scale(tick)} y={HEIGHT - 6} text-anchor="middle">
              {short
                ? tick.toLocaleString(undefined, {
                    month: 'short',
                    day: 'numeric',
                    hour: '2-digit',
                    minute: '2-digit',
                    hourCycle: 'h23',
                  })
                : dayText(tick.toISOString(), paid.getFullYear())}
            </text>
          ))}
          {inTime.map((mark, index) =>
            mark.number === null ? (
              <circle key={`${mark.at}${index}`} class="mark-out" cx={places[index]} cy={MIDDLE} r="5" />
            ) : (
              <g key={`${mark.at}${index}`}>
                <circle class={`mark-ring ring-${mark.hue}`} cx={places[index]} cy={MIDDLE} r="8.5" />
                <text class="on-mark" x={places[index]} y={MIDDLE + 3.5} text-anchor="middle">
                  {mark.number}
                </text>
              </g>
            ),
          )}
          <rect class="pay-mark" x={scale(paid) - 4} y={MIDDLE - 7} width="14" height="14" rx="3" />
          <text class="on-pay" x={scale(paid) + 3} y={MIDDLE + 3.5} text-anchor="middle">
            $
          </text>
        </svg>
      )}
    </div>
  );
}
