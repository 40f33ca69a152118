import type { TeamFields } from "./teamText";
import { dayWord, WEEKDAYS } from "./week";

type Props = { fields: TeamFields; onChange: (changed: Partial<TeamFields>) => void };

/** When a team is there: always, or by the days of the week. */
export function HoursFields({ fields, onChange }: Props) {
  return (
    <fieldset class="team-set">
      <legend>Hours</legend>
      <label class="check">
        <input
          type="checkbox"
          checked={!fields.hasHours}
          onChange={(event) => onChange({ hasHours: !event.currentTarget.checked })}
        />
        <span>Always open</span>
      </label>
      {fields.hasHours && (
        <>
          <div class="team-row">
            <label class="field">
              Time zone
              <input
                required
                list="team-zones"
                value={fields.zone}
                onInput={(event) => onChange({ zone: event.currentTarget.value })}
              />
              <datalist id="team-zones">
                {Intl.supportedValuesOf("timeZone").map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </label>
            <label class="field">
              <span>
                Holidays of <span class="soft">DE, or DE-BE; empty for none</span>
              </span>
              <input
                value={fields.holidays}
                onInput={(event) => onChange({ holidays: event.currentTarget.value })}
              />
            </label>
          </div>
          <p class="field-hint">
            From and to, as 09:00-12:00, 13:00-18:00. Empty is closed. A night is two spans: 22:00-24:00, and
            00:00-02:00 on the day after.
          </p>
          <div class="team-days">
            {WEEKDAYS.map((day) => (
              <label key={day} class="team-day">
                <span>{dayWord(day)}</span>
                <input
                  value={fields.open[day]}
                  placeholder="closed"
                  onInput={(event) =>
                    onChange({ open: { ...fields.open, [day]: event.currentTarget.value } })
                  }
                />
              </label>
            ))}
          </div>
          <label class="field">
            <span>
              Closed as well on <span class="soft">dates, as 2026-12-24, 2026-12-31</span>
            </span>
            <input
              value={fields.closed}
              onInput={(event) => onChange({ closed: event.currentTarget.value })}
            />
          </label>
        </>
      )}
    </fieldset>
  );
}
