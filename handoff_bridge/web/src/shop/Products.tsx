import { Backpack, Blanket, Bottle, Compass, Jacket, Kettle, Mugs, Tent } from "./illustrations";

const GOODS = [
  {
    sku: "TNT-2P",
    name: "Skerry two-person tent",
    price: 289,
    about: "2.1 kg, up in four minutes",
    Picture: Tent,
  },
  {
    sku: "KET-09",
    name: "Gull camping kettle 0.9 l",
    price: 34.9,
    about: "Spun steel, beech handle",
    Picture: Kettle,
  },
  {
    sku: "PCK-38",
    name: "Fell backpack 38 l",
    price: 139,
    about: "Waxed canvas, leather straps",
    Picture: Backpack,
  },
  {
    sku: "JKT-RN",
    name: "Squall rain jacket",
    price: 179,
    about: "Three layers, taped seams",
    Picture: Jacket,
  },
  { sku: "MUG-04", name: "Enamel mug, set of four", price: 28, about: "Chips add character", Picture: Mugs },
  {
    sku: "BLK-WL",
    name: "Harbour wool blanket",
    price: 98,
    about: "Woven from island wool",
    Picture: Blanket,
  },
  {
    sku: "BTL-10",
    name: "Burn water bottle 1 l",
    price: 19,
    about: "Keeps tea hot till dusk",
    Picture: Bottle,
  },
  {
    sku: "CMP-01",
    name: "True North compass",
    price: 31,
    about: "Brass, with a sighting lid",
    Picture: Compass,
  },
];

const price = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

export function Products() {
  return (
    <section class="wrap goods" id="goods" aria-labelledby="goods-title" tabIndex={-1}>
      <div class="goods-head">
        <h2 id="goods-title">From the quay this week</h2>
        <p>Eight things we use ourselves.</p>
      </div>
      <ul class="goods-grid">
        {GOODS.map(({ sku, name, price: amount, about, Picture }) => (
          <li key={sku} class="product">
            <div class="product-picture">
              <Picture />
            </div>
            <h3>{name}</h3>
            <p class="product-about">{about}</p>
            <p class="product-price">{price.format(amount)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
