CREATE TABLE covers (
    book_id INTEGER PRIMARY KEY REFERENCES books (id) ON DELETE CASCADE,
    media_type VARCHAR NOT NULL,
    content BLOB NOT NULL
);
