/** An exact amount, as people of a region write it: the browser's, unless given another. */
export function money(amount: string, currency: string, locale?: string): string {
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(
    amount as Intl.StringNumericLiteral,
  );
}
