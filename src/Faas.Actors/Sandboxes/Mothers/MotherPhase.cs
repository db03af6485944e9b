namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>Where a mother is in her life.</summary>
public enum MotherPhase
{
    /// <summary>She warms up. Orders wait.</summary>
    Starting,

    /// <summary>She takes orders.</summary>
    Warm,

    /// <summary>She takes no further order, and is killed when the last of her children has ended.</summary>
    Retired,

    /// <summary>She has been killed, and the kernel has not confirmed it yet.</summary>
    Dying,

    /// <summary>She is dead.</summary>
    Dead,
}
