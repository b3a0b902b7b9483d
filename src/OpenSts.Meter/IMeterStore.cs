namespace OpenSts.Meter;

/// <summary>Where a meter's record is kept.</summary>
public interface IMeterStore
{
    /// <summary>Saves the record; it is durable when this returns.</summary>
    /// <exception cref="IOException">It could not be made durable.</exception>
    void Save(MeterRecord record);
}
