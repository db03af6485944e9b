namespace Faas.Actors.Runs;

/// <summary>The wire's <c>type</c>.</summary>
public enum DataType
{
    /// <summary>A JSON string.</summary>
    String,

    /// <summary>A JSON number.</summary>
    Number,

    /// <summary>An object, an array, a boolean or null.</summary>
    Json,

    /// <summary>What could not be parsed as JSON.</summary>
    Text,
}
