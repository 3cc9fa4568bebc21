//! Why this order was credited so: one sentence, the four levels with their evidence, and whether they agree.
import type { LevelEvidence, Order, OrderLevel, Site } from '../api/types';
import { Card } from '../components/card';
import { Icon } from '../components/icon';
import { Choice, Popover } from '../components/popover';
import { Badge } from '../components/words';
import { exactMoney } from '../format/money';
import { LEVEL_ORDER, levelName, shortId } from '../format/names';
import { share } from '../format/number';
import { siteHref } from '../state/location';
import { modelName } from '../state/models';
import { openPanel } from '../state/panel';
import {
  agreementOf,
  type NumberedTouch,
  positionWords,
  storyOf,
  touchName,
  type Verdict,
  verdictOf,
  WOULD_TIE,
} from './order-story';

interface ReasonProps {
  site: Site;
  order: Order;
  numbered: NumberedTouch[];
  model: string;
  models: string[];
  onModel: (model: string) => void;
}

function Sentence({ site, order, numbered, model }: ReasonProps) {
  if (order.level === 'unattributed') {
    return (
      <p class="said">
        <b>{exactMoney(order.amount)}</b> is credited to <b>nobody</b>: nothing in this payment ties it to a
        visit.
      </p>
    );
  }
  const { credited, because } = storyOf(order, numbered, model);
  const used = numbered.filter(({ number }) => number !== null).length;
  const [first, ...rest] = credited;
  if (!first)
    return <p class="said">Under {modelName(model).toLowerCase()} this order has no credit of its own.</p>;
  const inherited = order.inherited_from;
  return (
    <p class="said">
      {rest.length === 0 ? (
        <>
          All <b>{exactMoney(order.amount)}</b> goes to <b>{touchName(first.touch.touch)}</b>, because{' '}
          {because}, {positionWords(first.touch.number ?? used, used)}.
        </>
      ) : (
        <>
          <b>{exactMoney(order.amount)}</b> is shared among {credited.length} touches by{' '}
          {modelName(model).toLowerCase()}, most of it, {share(first.share)}, to{' '}
          <b>{touchName(first.touch.touch)}</b>, because {because}.
        </>
      )}
      {inherited && (
        <>
          {' '}
          <a class="link" href={siteHref(site.site_id, `/orders/${encodeURIComponent(inherited)}`)}>
            See the first order
          </a>
        </>
      )}
    </p>
  );
}

const VERDICTS: Record<Verdict, { words: string; tone: 'money' | 'good' | 'warn' | 'plain' }> = {
  decided: { words: 'decided', tone: 'money' },
  agrees: { words: 'agrees', tone: 'good' },
  differs: { words: 'differs', tone: 'warn' },
  nothing: { words: 'nothing', tone: 'plain' },
};

/** Ids that the payment carried, short enough to read and whole in their title. */
function LookedFor({ evidence }: { evidence: LevelEvidence }) {
  const entries = Object.entries(evidence.looked_for ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  if (entries.length === 0) return null;
  return (
    <p class="carried">
      {entries.map(([name, value]) => (
        <code key={name} title={`${name}: ${value}`}>
          {evidence.level === 'url'
            ? value
            : `${name.replace(/^engagetrack_/, '').replace(/_(id|uid)$/, '')} ${shortId(value)}`}
        </code>
      ))}
    </p>
  );
}

function Rung({ evidence, verdict, place }: { evidence: LevelEvidence; verdict: Verdict; place: number }) {
  const { words, tone } = VERDICTS[verdict];
  const tie = verdict === 'nothing' ? WOULD_TIE[evidence.level] : null;
  return (
    <li class={`rung ${verdict}`}>
      <p class="rung-head">
        <span class="rung-number">{place}</span>
        {levelName(evidence.level)}
        <Badge tone={tone} {...(verdict === 'decided' && { icon: 'check' as const })}>
          {words}
        </Badge>
      </p>
      <p class="rung-reason">{evidence.reason}</p>
      <LookedFor evidence={evidence} />
      {evidence.reported && <p class="rung-reason">Known from a purchase that the browser reported.</p>}
      {tie && <p class="rung-tie">{tie}</p>}
    </li>
  );
}

function absent(level: OrderLevel): LevelEvidence {
  return {
    level: level as LevelEvidence['level'],
    holds: false,
    decided: false,
    looked_for: null,
    found: null,
    reason: 'Not looked at for this order.',
  };
}

export function OrderReason(props: ReasonProps) {
  const { order, model, models, onModel } = props;
  const { levels } = order.evidence;
  const decided = levels.find((level) => level.decided);
  const agreement = agreementOf(order);
  const unattributed = order.level === 'unattributed';
  return (
    <Card
      title="Why this order was credited so"
      right={
        models.length > 1 &&
        !unattributed && (
          <>
            <span class="faint long-word">Model</span>
            <Popover
              name="order-model"
              label="Attribution model"
              align="end"
              buttonClass="button small"
              button={
                <>
                  {modelName(model)}
                  <Icon name="down" />
                </>
              }
            >
              {() =>
                models.map((each) => (
                  <Choice
                    key={each}
                    chosen={each === model}
                    onChoose={() => {
                      openPanel.value = null;
                      onModel(each);
                    }}
                  >
                    {modelName(each)}
                  </Choice>
                ))
              }
            </Popover>
          </>
        )
      }
    >
      <div class="why">
        <Sentence {...props} />
        <ol class={unattributed ? 'ladder untied' : 'ladder'} aria-label="The four levels, tried in order">
          {LEVEL_ORDER.map((level, index) => {
            const evidence = levels.find((each) => each.level === level) ?? absent(level);
            return (
              <Rung
                key={level}
                evidence={evidence}
                verdict={verdictOf(evidence, decided, order)}
                place={index + 1}
              />
            );
          })}
        </ol>
        <p class={agreement.good ? 'agreement good' : 'agreement'}>
          <Icon name={agreement.good ? 'check' : 'warn'} />
          {agreement.words}
        </p>
      </div>
    </Card>
  );
}
