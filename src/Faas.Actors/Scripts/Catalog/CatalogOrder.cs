using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts.Catalog;

/// <summary>How the list of scripts is sorted.</summary>
public enum CatalogOrder
{
    /// <summary>By path, in the order of its bytes in UTF-8.</summary>
    [JsonStringEnumMemberName("path")]
    Path,

    /// <summary>By the time of the latest version's upload, the latest first.</summary>
    [JsonStringEnumMemberName("time")]
    Time,
}
