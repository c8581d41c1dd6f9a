package dev.attribution.spring.jpa;

import org.springframework.data.jpa.repository.JpaRepository;

interface Purchases extends JpaRepository<Purchase, String> {}
