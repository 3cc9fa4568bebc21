//! A small dense square matrix and its inverse.

/// Square, by rows.
pub(super) struct Matrix {
    rows: Vec<Vec<f64>>,
}

impl Matrix {
    pub(super) fn zero(size: usize) -> Self {
        Self {
            rows: vec![vec![0.0; size]; size],
        }
    }

    fn identity(size: usize) -> Self {
        let mut matrix = Self::zero(size);
        for index in 0..size {
            matrix.add(index, index, 1.0);
        }
        matrix
    }

    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.rows
            .get(row)
            .and_then(|row| row.get(column))
            .copied()
            .unwrap_or(0.0)
    }

    pub(super) fn add(&mut self, row: usize, column: usize, value: f64) {
        if let Some(item) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            *item += value;
        }
    }

    pub(super) fn scale_row(&mut self, row: usize, factor: f64) {
        for item in self.rows.get_mut(row).into_iter().flatten() {
            *item *= factor;
        }
    }

    pub(super) fn times(&self, vector: &[f64]) -> Vec<f64> {
        self.rows
            .iter()
            .map(|row| {
                std::iter::zip(row, vector)
                    .map(|(left, right)| left * right)
                    .sum()
            })
            .collect()
    }

    /// The inverse by Gauss and Jordan with the largest pivot of each column; `None` for a singular matrix.
    pub(super) fn inverted(mut self) -> Option<Self> {
        let size = self.rows.len();
        let mut inverse = Self::identity(size);
        for column in 0..size {
            let pivot = (column..size).max_by(|left, right| {
                self.at(*left, column)
                    .abs()
                    .total_cmp(&self.at(*right, column).abs())
            })?;
            let value = self.at(pivot, column);
            if value.abs() < f64::EPSILON * f64::EPSILON {
                return None;
            }
            for matrix in [&mut self, &mut inverse] {
                matrix.rows.swap(column, pivot);
                matrix.scale_row(column, 1.0 / value);
            }
            let factors: Vec<f64> = (0..size)
                .map(|row| {
                    if row == column {
                        0.0
                    } else {
                        self.at(row, column)
                    }
                })
                .collect();
            for matrix in [&mut self, &mut inverse] {
                matrix.eliminate(column, &factors);
            }
        }
        Some(inverse)
    }

    /// Takes from every row its factor times the pivot's row.
    fn eliminate(&mut self, pivot: usize, factors: &[f64]) {
        let pivot = self.rows.get(pivot).cloned().unwrap_or_default();
        for (row, factor) in
            std::iter::zip(&mut self.rows, factors).filter(|(_, factor)| **factor != 0.0)
        {
            for (item, from) in std::iter::zip(row, &pivot) {
                *item -= factor * from;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_times_its_inverse_is_the_identity() {
        let matrix = || Matrix {
            rows: vec![
                vec![0.0, 2.0, 1.0],
                vec![1.0, -1.0, 0.5],
                vec![4.0, 0.0, 3.0],
            ],
        };
        let inverse = matrix().inverted().unwrap();
        for column in 0..3 {
            let unit: Vec<f64> = (0..3)
                .map(|row| f64::from(u8::from(row == column)))
                .collect();
            let back = inverse.times(&matrix().times(&unit));
            assert!(
                back.iter()
                    .zip(&unit)
                    .all(|(left, right)| (left - right).abs() < 1e-12)
            );
        }
        assert!(
            Matrix {
                rows: vec![vec![1.0, 2.0], vec![2.0, 4.0]]
            }
            .inverted()
            .is_none()
        );
    }
}
