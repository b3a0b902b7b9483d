namespace OpenSts.Dlms.Objects;

/// <summary>The names of classes and attributes, for people.</summary>
/// <remarks>IEC 62056-6-2; STS 201-2 for class 32850.</remarks>
public static class ClassNames
{
    private static readonly Dictionary<ushort, (string Name, string[] Attributes)> Known = new()
    {
        [1] = ("Data", ["value"]),
        [3] = ("Register", ["value", "scaler_unit"]),
        [7] = ("Profile generic", ["buffer", "capture_objects", "capture_period", "sort_method", "sort_object",
            "entries_in_use", "profile_entries"]),
        [8] = ("Clock", ["time", "time_zone", "status", "daylight_savings_begin", "daylight_savings_end",
            "daylight_savings_deviation", "daylight_savings_enabled", "clock_base"]),
        [15] = ("Association LN",
        [
            "object_list", "associated_partners_id", "application_context_name", "xDLMS_context_info",
                "authentication_mechanism_name", "secret", "association_status",
            "security_setup_reference",
        ]),
        [17] = ("SAP assignment", ["SAP_assignment_list"]),
        [21] = ("Register monitor", ["thresholds", "monitored_value", "actions"]),
        [40] = ("Push setup",
        [
            "push_object_list", "send_destination_and_method", "communication_window", "randomisation_start_interval",
                "number_of_retries", "repetition_delay",
        ]),
        [64] = ("Security setup",
            ["security_policy", "security_suite", "client_system_title", "server_system_title", "certificates"]),
        [70] = ("Disconnect control", ["output_state", "control_state", "control_mode"]),
        [71] = ("Limiter",
        [
            "monitored_value", "threshold_active", "threshold_normal", "threshold_emergency",
                "min_over_threshold_duration", "min_under_threshold_duration",
            "emergency_profile", "emergency_profile_group_id_list", "emergency_profile_active", "actions",
        ]),
        [111] = ("Account",
        [
            "account_mode_and_status", "current_credit_in_use", "current_credit_status", "available_credit",
                "amount_to_clear", "clearance_threshold", "aggregated_debt",
            "credit_reference_list", "charge_reference_list", "credit_charge_configuration",
                "token_gateway_configuration", "account_activation_time", "account_closure_time",
            "currency", "low_credit_threshold", "next_credit_available_threshold", "max_provision",
                "max_provision_period",
        ]),
        [112] = ("Credit",
        [
            "current_credit_amount", "credit_type", "priority", "warning_threshold", "limit", "credit_configuration",
                "credit_status", "preset_credit_amount",
            "credit_available_threshold", "period",
        ]),
        [113] = ("Charge",
        [
            "total_amount_paid", "charge_type", "priority", "unit_charge_active", "unit_charge_passive",
                "unit_charge_activation_time", "period", "charge_configuration",
            "last_collection_time", "last_collection_amount", "total_amount_remaining", "proportion",
        ]),
        [115] =
            ("Token gateway", ["token", "token_time", "token_description", "token_delivery_method", "token_status"]),
        [116] = ("IEC 62055-41 attributes",
        [
            "meter_pan", "commodity", "token_carrier_types", "encryption_algorithm", "supply_group_code",
                "tariff_index", "key_revision_number", "key_type", "key_expiry_number",
            "no_of_kct_supported", "sts_certificate_no",
        ]),
        [32850] =
            ("STS Class 2 token extension arrays", ["token_extensions_flag_array", "token_extensions_control_array"]),
    };

    /// <summary>The name of a class, or its number.</summary>
    public static string OfClass(ushort classId) =>
        Known.TryGetValue(classId, out var known) ? known.Name : $"class {classId}";

    /// <summary>The name of an attribute, or its number.</summary>
    public static string OfAttribute(ushort classId, sbyte index) => index == 1 ? "logical_name"
        : Known.TryGetValue(classId, out var known) && index >= 2 && index - 2 < known.Attributes.Length
            ? known.Attributes[index - 2]
        : $"attribute {index}";
}
