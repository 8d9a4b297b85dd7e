CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    email VARCHAR NOT NULL,
    confirmed BOOLEAN NOT NULL DEFAULT 0
);
CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    book_id INTEGER NOT NULL REFERENCES books (id),
    copies INTEGER NOT NULL CHECK (copies > 0),
    PRIMARY KEY (order_id, book_id)
);
