-- One row per request: what the person whom it is about says she is
with
persons as (
    select * from stg_person
),

final as (
    select
        request_id,
        gender_code,
        language_code,
        load_id,
        source_file,
        source_row
    from persons
)

select * from final
