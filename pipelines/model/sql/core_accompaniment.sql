-- One row per time that a person was accompanied in a step of hers, in its year
with
accompaniments as (
    select * from stg_accompaniment
),

periods as (
    select * from period
),

dated as (
    select
        accompaniments.*,
        periods.label as period,
        -- Without a pseudonym each accompaniment is taken for another person: protection counts persons.
        coalesce(accompaniments.person_id, accompaniments.accompaniment_id) as person_key
    from accompaniments
    left join periods
        on accompaniments.accompaniment_date between periods.first_day and periods.last_day
),

final as (
    select
        accompaniment_id,
        person_id,
        person_key,
        accompaniment_date,
        period,
        purpose_code,
        mode_code,
        minutes,
        minutes_missing,
        row_number() over (
            partition by period, purpose_code, person_key
            order by accompaniment_date, accompaniment_id, source_file, source_row
        ) = 1 as is_first_of_purpose,
        row_number() over (
            partition by period, person_key
            order by accompaniment_date, accompaniment_id, source_file, source_row
        ) = 1 as is_first_of_person,
        load_id,
        source_file,
        source_row
    from dated
)

select * from final
