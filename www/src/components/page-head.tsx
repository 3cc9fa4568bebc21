//! The head of a report: its one h1, the CSV and the link to share.
import type { Query } from '../api/client';
import { csvPath } from '../api/stats';
import type { Site } from '../api/types';
import { say } from '../state/notice';
import { siteToday } from '../state/site-period';
import { copyText } from './copy';
import { Icon } from './icon';
import { shareAddress } from './toolbar';

interface PageHeadProps {
  site: Site;
  title: string;
  /** The report behind the CSV button. */
  csv?: { report: string; query: Query };
}

export function PageHead({ site, title, csv }: PageHeadProps) {
  const share = async () => {
    const done = await copyText(shareAddress(siteToday(site)));
    say(done ? 'Link to this very view copied' : 'This browser does not allow copying');
  };
  const name = csv ? `${site.domain}-${csv.report}-${csv.query.model ?? ''}.csv`.replace('-.', '.') : '';
  return (
    <div class="page-head">
      <h1>{title}</h1>
      <div class="page-actions">
        {csv && (
          <a class="button quiet" href={csvPath(site.site_id, csv.report, csv.query)} download={name}>
            <Icon name="download" />
            CSV
          </a>
        )}
        <button class="button quiet" type="button" onClick={share}>
          <Icon name="link" />
          Copy link
        </button>
      </div>
    </div>
  );
}
