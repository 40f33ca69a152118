export const MIN_PASSWORD = 10;

/** As the bridge wants it; it says itself what is wrong with one. */
export function NewPassword({ label }: { label: string }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input name="password" type="password" autocomplete="new-password" minLength={MIN_PASSWORD} required />
    </label>
  );
}
