package dev.attribution.spring.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** Something that was bought. */
@Entity
public class Purchase {
    @Id
    private String item = "";

    protected Purchase() {}

    Purchase(String item) {
        this.item = item;
    }

    public String item() {
        return item;
    }
}
