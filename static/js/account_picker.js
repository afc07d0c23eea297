/**
 * Choose an account by typing: a combobox with a list (ARIA practices, list autocomplete with the first option active).
 * The select beside it carries the value, and is all there is without script.
 */
class AccountPicker extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.select = this.querySelector("select");
    this.found = this.querySelector(".picker__found");
    this.status = this.querySelector("[role=status]");
    this.choosesFirst = false;
    this.active = null;
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.take();
    this.close();
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("blur", () => this.close());
    // Pressing an option must not take the focus from the field, which would shut the list before the click.
    this.found.addEventListener("mousedown", (event) => event.preventDefault());
    this.found.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    this.found.addEventListener("htmx:afterSwap", (event) => this.arrived(event.detail.requestConfig.parameters));
  }

  get list() {
    return this.found.querySelector("[role=listbox]");
  }

  get options() {
    return [...this.found.querySelectorAll("[role=option]")];
  }

  /** Name what has come, so that the field can point at it. */
  take() {
    this.list.id = `${this.found.id}_list`;
    this.input.setAttribute("aria-controls", this.list.id);
    this.options.forEach((option, number) => {
      option.id = `${this.list.id}_${number}`;
    });
    this.isFresh = true;
  }

  typed() {
    this.select.value = "";
    this.isFresh = false;
  }

  arrived(asked) {
    this.take();
    this.open();
    if (asked[this.input.name] !== this.input.value) {
      // Typed on meanwhile: the answer to the rest is on its way, and Enter means that one.
      this.isFresh = false;
      return;
    }
    this.status.textContent = this.options.length ? "" : this.list.dataset.none;
    if (this.choosesFirst) {
      this.choosesFirst = false;
      this.choose(this.options[0]);
    }
  }

  open() {
    const { options } = this;
    if (!options.length) {
      this.close();
      return;
    }
    this.found.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(options.find((option) => option.dataset.value === this.select.value) ?? options[0]);
  }

  close() {
    this.found.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(null);
  }

  mark(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  move(step) {
    if (this.found.hidden) {
      this.open();
      return;
    }
    const { options } = this;
    const place = options.indexOf(this.active) + step;
    this.mark(options[(place + options.length) % options.length]);
  }

  pressed(event) {
    const act = this.actOf(event.key);
    if (act && !event.isComposing) {
      event.preventDefault();
      act();
    }
  }

  /** What a key does now; nothing where the form or the dialog should have it. */
  actOf(key) {
    const isOpen = !this.found.hidden;
    if (key === "ArrowDown" || key === "ArrowUp") {
      return () => this.move(key === "ArrowDown" ? 1 : -1);
    }
    if (key === "Escape" && isOpen) {
      return () => this.close();
    }
    if (key !== "Enter" || this.select.value) {
      return null;
    }
    // Faster than the answer: the first of what arrives is meant.
    return this.isFresh && isOpen ? () => this.choose(this.active) : () => { this.choosesFirst = !this.isFresh; };
  }

  choose(option) {
    if (!option) {
      return;
    }
    const { value, name } = option.dataset;
    if (![...this.select.options].some((one) => one.value === value)) {
      this.select.add(new Option(name, value));
    }
    this.select.value = value;
    this.input.value = name;
    this.status.textContent = name;
    this.close();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    if ("refresh" in this.dataset) {
      this.querySelector("button[name=find]").click();
    }
  }
}

customElements.define("account-picker", AccountPicker);
